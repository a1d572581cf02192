"""E-mail by the server that EMAIL_HOST names."""

import smtplib
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from services.notify.channels.parcels import GoneError, LaterError, Parcel, UnclearError

PERMANENT = 500


class Mail:
    """The mail server of this installation."""

    name = "mail"

    def send(self, parcel: Parcel) -> str:
        """Send one e-mail that mail programs can end by themselves (RFC 8058).

        What comes twice has the same Message-ID, so that mail programs show it once.
        """
        domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
        headers = {
            "Message-ID": f"<{parcel.reference}@{domain}>",
            "Auto-Submitted": "auto-generated",
        }
        if parcel.link:
            headers["List-Unsubscribe"] = f"<{parcel.link}>"
            headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        line = get_connection()
        try:
            line.open()
        except (OSError, smtplib.SMTPException) as error:
            raise LaterError("unreachable") from error
        message = EmailMessage(
            parcel.subject, parcel.text, to=[parcel.address], headers=headers, connection=line
        )
        try:
            _hand_over(message)
        finally:
            line.close()
        return headers["Message-ID"]


def _hand_over(message: EmailMessage) -> None:
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _text in error.recipients.values()]
        if any(code >= PERMANENT for code in codes):
            raise GoneError("mailbox_unknown") from error
        raise LaterError("mailbox_busy") from error
    except smtplib.SMTPServerDisconnected as error:
        raise UnclearError("silent") from error
    except smtplib.SMTPException as error:
        raise LaterError("mail_refused") from error
    except OSError as error:
        raise UnclearError("silent") from error
