"""Papers with fixed words, for pictures that must stay as they are.

The Khmer holds what fonts and shapers get wrong: subscripts on both sides of a letter, two
subscripts, vowels that stand before their letter, shifted marks, digits, and long words to break.
"""

KM = {
    "title": "បង្កាន់ដៃទទួលពាក្យ",
    "office": "ខេត្តបន្ទាយមានជ័យ · ការិយាល័យច្រកចេញចូលតែមួយ ស្រុកមង្គលបូរី",
    "lines": [
        ["សេវា", "ការធ្វើនីត្យានុកូលកម្មលើវិញ្ញាបនបត្រប្រកបអាជីវកម្ម"],
        ["អ្នកស្នើសុំ", "ស្ត្រីឈ្មោះ ខ្ញុំ ព្រះស្រីសុវណ្ណារិទ្ធិ"],
        ["អ្នកដាក់ពាក្យជំនួស", "កែវ មុន្នី (សមាជិកគ្រួសារ)"],
        ["រួចរាល់ត្រឹម", "ថ្ងៃព្រហស្បតិ៍ ទី២៦ ខែវិច្ឆិកា ២០២៦"],
        ["កម្រៃ", "៤០,០០០ ៛ (លេខសាកល្បង មិនមែនច្បាប់)"],
        ["តួអក្សរ", "ក្សត្រិយ៍ ញ៉ាំ ប៊ី ស្ដេច ក្លឹង្គ ឡើង សង្ឃឹម ៗ ៘"],
    ],
    "notes": ["តាមដានពាក្យស្នើសុំដោយលេខកូដ ឬរូបភាព QR។ សូមយកបង្កាន់ដៃនេះមក ពេលមកយកលទ្ធផល។"],
    "mark": "",
    "blanks": [],
}
EN = {
    "title": "Application receipt",
    "office": "Banteay Meanchey · One Window Service Office, Mongkol Borei",
    "lines": [
        ["Service", "Legalisation of a copy of a business certificate"],
        ["Ready by", "Thursday 26 November 2026"],
        ["Fee", "40,000 ៛ (demo figure, not law)"],
    ],
    "notes": ["Follow your request with the code or the picture. Bring this slip to collect."],
    "mark": "",
    "blanks": [],
}
COPY_KM = {
    **KM,
    "title": "ក្របលទ្ធផល",
    "mark": "ច្បាប់ចម្លងទី ១ បោះពុម្ពឡើងវិញនៅ ពុធ ២៥ វិច្ឆិកា ០៨:៤១",
    "blanks": ["ឈ្មោះអ្នកមកទទួល", "ហត្ថលេខា និងកាលបរិច្ឆេទ"],
}
COPY_EN = {
    **EN,
    "title": "Cover of the outcome",
    "mark": "Copy 1, printed again on Wed 25 Nov 08:41",
    "blanks": ["Name of the collector", "Signature and date"],
}
SLIP = {
    "code": "01-K7Q4M-7TD3X-C",
    "url": "https://owso.gov.kh/t/01-K7Q4M-7TD3X-C",
    "is_practice": "",
    "paper": "a5",
    "pages": [[KM, EN], [COPY_KM, COPY_EN]],
}


def _tier(label_km="", label_en="", amount="៤០,០០០ ៛", ceiling=("", ""), mark=""):
    return {
        "label_km": label_km,
        "label_en": label_en,
        "amount": amount,
        "ceiling_km": ceiling[0],
        "ceiling_en": ceiling[1],
        "mark": mark,
    }


DEMO = "លេខសាកល្បង មិនមែនច្បាប់ · demo figure, not law"
MAXIMUM = ("តម្លៃអតិបរមា", "maximum fee")


def _row(number, name_km, name_en, tiers, *, days_mark="", validity=("អចិន្ត្រៃយ៍", "Permanent")):
    return {
        "number": number,
        "name_km": name_km,
        "name_en": name_en,
        "tiers": tiers,
        "unit_km": "ក្នុង ១សន្លឹក",
        "unit_en": "per page",
        "days": "៣ ថ្ងៃ · 3 days",
        "days_mark": days_mark,
        "validity_km": validity[0],
        "validity_en": validity[1],
        "validity_mark": "",
    }


POSTER = {
    "paper": "a4",
    "title_km": "តារាងតម្លៃសេវា និងរយៈពេលផ្តល់សេវា",
    "title_en": "Fees and days of our services",
    "office_km": KM["office"],
    "office_en": EN["office"],
    "day_km": "មានសុពលភាពនៅថ្ងៃពុធ ទី២៥ ខែវិច្ឆិកា ២០២៦",
    "day_en": "In force on Wednesday 25 November 2026",
    "foot_km": "ពាក្យស្នើសុំឥតគិតថ្លៃ។ រាល់ការបង់កម្រៃមានបង្កាន់ដៃ។",
    "foot_en": "Application forms are free. Every fee has a receipt.",
    "warning_km": "លេខលើផ្ទៃពណ៌លឿងមិនមែនជាច្បាប់ទេ៖ ប្រើបណ្តោះអាសន្នរហូតដល់បញ្ចូលប្រកាស។",
    "warning_en": "Figures on yellow are not law: they stand in until the prakas is entered.",
    "is_practice": "",
    "columns": [
        ["ល.រ", "No."],
        ["សេវា", "Service"],
        ["កម្រៃ", "Fee"],
        ["រយៈពេលអតិបរមា (ថ្ងៃធ្វើការ)", "At most, working days"],
        ["សុពលភាព", "Validity"],
    ],
    "sectors": [
        {
            "name_km": "នីត្យានុកូលកម្ម",
            "name_en": "Legalisation",
            "rows": [
                _row(
                    "១",
                    "ការធ្វើនីត្យានុកូលកម្មលើវិញ្ញាបនបត្រប្រកបអាជីវកម្ម",
                    "Legalisation of a copy of a business certificate",
                    [
                        _tier("ថ្លៃធម្មតា", "Ordinary fee", "១,០០០ ៛", MAXIMUM),
                        _tier("តម្លៃអនុគ្រោះ", "Concessional fee", "៥០០ ៛"),
                    ],
                ),
                _row(
                    "២",
                    "ការធ្វើនីត្យានុកូលកម្មលើអត្តសញ្ញាណប័ណ្ណសញ្ជាតិខ្មែរ",
                    "Legalisation of a copy of the Khmer ID card",
                    [_tier(amount="១,០០០ ៛", mark=DEMO)],
                    days_mark=DEMO,
                    validity=("", ""),
                ),
            ],
        },
        {
            "name_km": "អត្រានុកូលដ្ឋាន",
            "name_en": "Civil registration",
            "rows": [
                _row(
                    "៣",
                    "ការចុះបញ្ជីកំណើត",
                    "Birth registration",
                    [_tier(amount="ឥតគិតថ្លៃ · Free")],
                )
            ],
        },
    ],
}
TICKET = {
    "number": "27",
    "number_km": "២៧",
    "title_km": "លេខរង់ចាំរបស់អ្នក",
    "title_en": "Your number",
    "office_km": KM["office"],
    "office_en": EN["office"],
    "ahead_km": "មានមនុស្ស ៣ នាក់នៅមុខអ្នក",
    "ahead_en": "3 people are before you",
    "when_km": "ថ្ងៃពុធ ទី២៥ ខែវិច្ឆិកា ២០២៦ ០៨:៤១",
    "is_practice": "",
    "paper": "80mm",
}
