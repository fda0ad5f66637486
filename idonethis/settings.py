"""One file of settings for every kind of installation: what differs is an environment variable."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONE, SELF

from idonethis import env
from idonethis.databases import databases

PACKAGE = Path(__file__).resolve().parent
DATA = env.data_folder()

DEBUG = env.boolean("DEBUG")
SECRET_KEY = env.kept_secret("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")
ENCRYPTION_KEYS = [env.kept_secret("ENCRYPTION_KEY"), *env.words("OLD_ENCRYPTION_KEYS")]

BASE_URL = env.address().rstrip("/")
SITE = urlsplit(BASE_URL)
HTTPS = SITE.scheme == "https"
ALLOWED_HOSTS = [
    SITE.hostname or "127.0.0.1",
    "localhost",
    "127.0.0.1",
    *env.words("ALLOWED_HOSTS"),
]
CSRF_TRUSTED_ORIGINS = [f"{SITE.scheme}://{SITE.netloc}"]
#: Addresses inside private networks that outgoing requests may reach: hosts, host:port or CIDR.
ALLOWED_ADDRESSES = env.words("ALLOWED_ADDRESSES")
#: Who brings it may read /metrics from anywhere; without it, only this machine may.
METRICS_TOKEN = env.text("METRICS_TOKEN")
#: Whether the API takes a token in the address, too, as old clients send it.
API_TOKEN_IN_ADDRESS = env.boolean("API_TOKEN_IN_ADDRESS")
#: The largest body a partner may send, in bytes, where the integration does not ask for more.
HOOK_BODY_LIMIT = env.integer("HOOK_BODY_LIMIT", 1024 * 1024)
#: How many entries a link may make in a minute before it is taken for a storm; 0: any number.
STORM_LIMIT = env.integer("STORM_LIMIT", 300)
#: How many hooks a second a link may send for long, and how many at once, where its partner sends
#: again what is refused; 0: any number.
HOOK_RATE = env.integer("HOOK_RATE", 200)
HOOK_BURST = env.integer("HOOK_BURST", 6000)
#: Whether partners are sent no more than they say that they take.
PACED = env.boolean("PACED", default=True)
#: For how many days what came in is kept; 0: for good. What goes then goes into files in the folder
#: of the archive first, if there is one.
KEEP_RECEIPTS_DAYS = env.integer("KEEP_RECEIPTS_DAYS", 90)
ARCHIVE_RECEIPTS_TO = env.text("ARCHIVE_RECEIPTS_TO")

#: How many connections there may be at once, from whomever.
MOST_CONNECTIONS = env.integer("MOST_CONNECTIONS", 2000)
#: Whether to believe what a proxy says of the visitor.
BEHIND_PROXY = env.boolean("BEHIND_PROXY")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "template_partials",
    "idonethis.ui",
    "idonethis.audit",
    "idonethis.accounts",
    "idonethis.teams",
    "idonethis.entries",
    "idonethis.integrations",
    "idonethis.mailing",
    "idonethis.feeds",
    "idonethis.porting",
    "idonethis.privacy",
    "idonethis.administration",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "idonethis.ui.middleware.StaticFiles",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "idonethis.ui.middleware.Sound",
    "idonethis.api.middleware.InWords",
    "idonethis.api.middleware.Ready",
    "idonethis.api.middleware.InAddress",
    "idonethis.api.middleware.ByToken",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "idonethis.ui.middleware.Toasts",
    "idonethis.accounts.middleware.InMyTimeZone",
    "idonethis.audit.middleware.WhoActs",
]
ROOT_URLCONF = "idonethis.urls"
ASGI_APPLICATION = "idonethis.asgi.application"
APPEND_SLASH = False

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "idonethis.teams.context.my_teams",
            ],
            "builtins": ["idonethis.ui.templatetags.ui", "template_partials.templatetags.partials"],
        },
    }
]
FORM_RENDERER = "idonethis.forms.Renderer"

DATABASES, DATABASE_ROUTERS, INBOX = databases(DATA)
#: Where RabbitMQ is, which wakes the workers where there are many; PostgreSQL alone does without.
BROKER_URL = env.text("BROKER_URL")
#: Room enough that nobody pushes out what is counted of others by being counted often.
COUNTED = {"OPTIONS": {"MAX_ENTRIES": 100_000}}
#: Where several processes may serve, they count tries at signing in together, and a code of a
#: second factor that one has taken is taken by no other.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", **COUNTED}
    if INBOX == "inbox"
    else {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "shared_cache",
        **COUNTED,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["idonethis.accounts.backend.Backend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "idonethis.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_CHANGE_EMAIL = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = True
#: Besides those of allauth: links that somebody seems to be guessing, codes to type for a
#: program, calls of the API, questions for which a lot is looked through, and reading feeds.
ACCOUNT_RATE_LIMITS = {
    "guess": "20/m/ip",
    "device": "20/m/ip",
    "api": "300/m/user",
    "ask": "60/m/user",
    "feed": "60/m/user",
}
ACCOUNT_FORMS = {
    "login": "idonethis.accounts.entrance.LoginForm",
    "add_email": "idonethis.accounts.entrance.AddEmailForm",
    "change_password": "idonethis.accounts.entrance.ChangePasswordForm",
    "reset_password": "idonethis.accounts.entrance.ResetPasswordForm",
    "reset_password_from_key": "idonethis.accounts.entrance.ResetPasswordKeyForm",
    "reauthenticate": "idonethis.accounts.entrance.ReauthenticateForm",
}
ACCOUNT_DEFAULT_HTTP_PROTOCOL = SITE.scheme
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "I Done This"
MFA_ADAPTER = "idonethis.accounts.two_factor.TwoFactorAdapter"
#: Nobody signs up by themselves here, and a server without mail can verify no address.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_FORMS = {
    "authenticate": "idonethis.accounts.entrance.AuthenticateForm",
    "reauthenticate": "idonethis.accounts.entrance.ReauthenticateByCodeForm",
    "activate_totp": "idonethis.accounts.entrance.ActivateTOTPForm",
}

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
#: Only our own files are served; those of installed packages are not used by any page.
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
STATICFILES_DIRS = [PACKAGE / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "idonethis.ui.storage.HashedFiles"},
}

SESSION_ENGINE = "idonethis.accounts.sessions"
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
#: What a proxy in front says of the visitor is believed only where an operator says so.
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
#: HTTPS ends at the proxy, which redirects; health checks arrive in the clear.
SILENCED_SYSTEM_CHECKS = ["security.W008"] + (
    [] if HTTPS else ["security.W004", "security.W012", "security.W016"]
)
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
        "require-trusted-types-for": ["'script'"],
        "trusted-types": ["default"],
    }
}

#: The address to which replies go, such as log@in.example.org; the rest of the local part follows a
#: plus. Without it, no mail is taken.
MAIL_ADDRESS = env.text("MAIL_ADDRESS").lower()
#: What our mail server calls itself in Authentication-Results, where it removes such of others.
MAIL_TRUSTED = [name.lower() for name in env.words("MAIL_TRUSTED")]
#: Where mails come in: smtp://HOST:PORT to listen on, or imaps://USER:PASSWORD@HOST/FOLDER.
MAIL_IN = env.words("MAIL_IN")
EMAIL_BACKEND = (
    f"django.core.mail.backends.{'smtp' if env.text('EMAIL_HOST') else 'console'}.EmailBackend"
)
EMAIL_HOST = env.text("EMAIL_HOST")
ACCOUNT_EMAIL_NOTIFICATIONS = bool(EMAIL_HOST)
EMAIL_PORT = env.integer("EMAIL_PORT", 587)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD")
EMAIL_USE_SSL = env.boolean("EMAIL_USE_SSL")
EMAIL_USE_TLS = env.boolean("EMAIL_USE_TLS", default=not EMAIL_USE_SSL)
#: For each answer of the mail server, in seconds.
EMAIL_TIMEOUT = 30
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.text("MAIL_FROM", f"I Done This <log@{SITE.hostname}>")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "idonethis.masked.Masked",
            "fmt": "%(asctime)s %(levelname)s %(name)s: %(message)s",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {
        "django": {"handlers": ["console"], "level": "WARNING"},
        "idonethis": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "INFO")},
    },
}
