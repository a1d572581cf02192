"""Settings of the services outside: the bank that confirms payments, the ways messages go."""

from owso import environment as env

# The bank that confirms KHQR payments; empty: none is shown. Without a secret no notice is heard.
KHQR_BANK_URL = env.text("KHQR_BANK_URL", "")
KHQR_BANK_TOKEN = env.text("KHQR_BANK_TOKEN", "")
KHQR_NOTICE_SECRET = env.text("KHQR_NOTICE_SECRET", "")

# Messages to citizens.
# From when until when nobody is woken by a message; what is due waits for the morning.
QUIET_HOURS = env.text("QUIET_HOURS", "21:00-07:00")
TELEGRAM_BOT = env.text("TELEGRAM_BOT", "")
TELEGRAM_TOKEN = env.text("TELEGRAM_TOKEN", "")
TELEGRAM_SECRET = env.text("TELEGRAM_SECRET", "")
TELEGRAM_URL = env.text("TELEGRAM_URL", "https://api.telegram.org")
TELEGRAM_PAGES = env.text("TELEGRAM_PAGES", "https://t.me")
# Which gateways carry SMS, the first one preferred: plasgate, mekong.
SMS_GATEWAYS = env.words("SMS_GATEWAYS", "")
SMS_NUMBER = env.text("SMS_NUMBER", "")
SMS_HOOK_TOKEN = env.text("SMS_HOOK_TOKEN", "")
PLASGATE_URL = env.text("PLASGATE_URL", "https://cloudapi.plasgate.com")
PLASGATE_KEY = env.text("PLASGATE_KEY", "")
PLASGATE_SECRET = env.text("PLASGATE_SECRET", "")
PLASGATE_SENDER = env.text("PLASGATE_SENDER", "")
MEKONG_URL = env.text("MEKONG_URL", "https://api.mekongsms.com")
MEKONG_USER = env.text("MEKONG_USER", "")
MEKONG_PASSWORD = env.text("MEKONG_PASSWORD", "")
MEKONG_SENDER = env.text("MEKONG_SENDER", "")
# Where push services may reach us, and the hosts that are push services.
PUSH_CONTACT = env.text("PUSH_CONTACT", "")
PUSH_HOSTS = env.words(
    "PUSH_HOSTS",
    "fcm.googleapis.com,.push.services.mozilla.com,.notify.windows.com,.push.apple.com",
)
EMAIL_HOST = env.text("EMAIL_HOST", "")
EMAIL_PORT = env.number("EMAIL_PORT", 25)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", default=False)
EMAIL_TIMEOUT = 15
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM", "owso@localhost")
# Workers that send for one province, and through one provider, at the same time.
SENDERS_PER_PROVINCE = env.number("SENDERS_PER_PROVINCE", 2)
SENDERS_PER_PROVIDER = env.number("SENDERS_PER_PROVIDER", 8)
