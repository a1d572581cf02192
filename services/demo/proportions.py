"""The proportions of the invented history; all are assumptions unless a source is named."""

from collections.abc import Mapping

# [A] About the inhabitants in thousands, rounded from the general population census of 2019.
PROVINCE_WEIGHTS: Mapping[str, int] = {
    "01": 860,
    "02": 997,
    "03": 900,
    "04": 527,
    "05": 877,
    "06": 681,
    "07": 593,
    "08": 1202,
    "09": 125,
    "10": 374,
    "11": 92,
    "12": 2282,
    "13": 254,
    "14": 1058,
    "15": 419,
    "16": 217,
    "17": 1014,
    "18": 303,
    "19": 165,
    "20": 525,
    "21": 900,
    "22": 276,
    "23": 42,
    "24": 75,
    "25": 776,
}
OTHER_PROVINCE_WEIGHT = 300

# Units had 601,276 services in nine months to May 2024 (67,000 a month), the offices more than
# 300,000 in November 2024: somewhat under a quarter.
UNIT_SHARE = 0.22

# Land and construction bring more than 80 % of the units' income; civil registration and
# legalisation are the offices' volume.
UNIT_SECTORS: Mapping[str, float] = {
    "land": 44,
    "construction": 9,
    "public-works-transport": 27,
    "administration": 15,
    "agriculture": 2,
    "tourism": 1.2,
    "health": 1,
    "industry": 1,
    "mines-energy": 0.6,
    "culture": 0.6,
    "investment": 0.1,
}
OFFICE_SECTORS: Mapping[str, float] = {
    "legalization": 50,
    "civil-registration": 34,
    "public-works-transport": 10,
    "land": 1.2,
    "construction": 0.6,
    "commerce": 1.2,
    "personal-services": 1,
    "tourism": 0.7,
    "industry": 0.4,
    "culture": 0.4,
    "agriculture": 0.3,
    "health": 0.2,
}
OTHER_SECTOR_WEIGHT = 0.2
TOWN_WEIGHT = 2.0
"""A town's office receives so many times what a rural district's does."""

# Work by weekday (Monday first) and by local hour.
WEEKDAY_WEIGHTS = (1.25, 1.1, 1.0, 1.0, 0.9, 0.5, 0.5)
HOUR_WEIGHTS: Mapping[int, float] = {7: 0.8, 8: 1.4, 9: 1.5, 10: 1.2, 11: 0.7, 14: 1.1, 15: 0.9}
OTHER_HOUR_WEIGHT = 0.6

LATE_SHARE = 0.06
NEW_APPLICANT_SHARE = 0.45
REPRESENTED_SHARE = 0.02
PHONE_SHARE = 0.9
NATIONAL_ID_SHARE = 0.85
DOLLAR_SHARE = 0.04
KHQR_SHARE = 0.3
NEVER_RESUMED_SHARE = 0.15
NOT_COLLECTED_SHARE = 0.03
REVERSED_SHARE = 0.5
"""Of the withdrawn requests, those whose fee was taken for the wrong request."""

# What goes otherwise than from stage to stage, as shares of all requests.
FATES: Mapping[str, float] = {
    "paused": 0.05,
    "rejected": 0.015,
    "incomplete": 0.012,
    "forwarded": 0.008,
    "withdrawn": 0.007,
    "returned": 0.006,
}

RIEL_PER_DOLLAR = 4_050
