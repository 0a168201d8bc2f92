"""What the vendor's codes mean for a message.

From help.aliyun.com/document_detail/101346.html (codes of the service) and 101347.html (codes of a record), read
2026; the gateway's own codes from …/2593177.html. None of them has been seen live.
"""

from __future__ import annotations

from alerts.channels import Unsure
from alerts.letters.plain import clean
from index.problems import Refused, TryLater, Unusable, YujingError

_LATER = frozenset({"isv.BUSINESS_LIMIT_CONTROL", "isp.SYSTEM_ERROR", "isp.GATEWAY_ERROR", "isp.UNKNOWN"})
_PASSING = ("Throttling", "ServiceUnavailable", "InternalError")  # of the gateway, each with endings of its own

# This number, or these words: another message may well go.
_REFUSED = frozenset(
    {
        *("isv.MOBILE_NUMBER_ILLEGAL", "isv.MOBILE_COUNT_OVER_LIMIT", "isv.PHONENUMBERS_OVER_LIMIT"),
        *("isv.BLACK_KEY_CONTROL_LIMIT", "isv.SMS_CONTENT_ILLEGAL", "isv.TEMPLATE_PARAMS_ILLEGAL"),
        *("isv.PARAM_LENGTH_LIMIT", "isv.PARAM_NOT_SUPPORT_URL"),
    }
)

# The account, its limits, signature, template or rights: the next message would be answered the same.
_UNUSABLE = frozenset(
    {
        *("isv.OUT_OF_SERVICE", "isv.AMOUNT_NOT_ENOUGH", "isv.ACCOUNT_NOT_EXISTS", "isv.ACCOUNT_ABNORMAL"),
        *("isv.PRODUCT_UN_SUBSCRIPT", "isv.PRODUCT_UNSUBSCRIBE", "isp.RAM_PERMISSION_DENY", "isv.DENY_IP_RANGE"),
        *("isv.SMS_SIGNATURE_ILLEGAL", "isv.SMS_SIGN_ILLEGAL", "isv.SMS_SIGN_NAME_ILLEGAL", "isv.SIGN_STATE_ILLEGAL"),
        *("isv.SMS_SIGNATURE_SCENE_ILLEGAL", "isv.SMS_TEMPLATE_ILLEGAL", "isv.TEMPLATE_MISSING_PARAMETERS"),
        *("isv.INVALID_PARAMETERS", "isv.INVALID_JSON_PARAM", "isv.EXTEND_CODE_ERROR"),
        *("isv.DOMESTIC_NUMBER_NOT_SUPPORTED", "isv.DAY_LIMIT_CONTROL", "isv.MONTH_LIMIT_CONTROL"),
    }
)

# The gateway has seen this very request before: its first copy may have been taken.
_UNSURE = frozenset({"SignatureNonceUsed"})


def refusal(code: str, said: str, status: int = 200) -> YujingError:
    """A no, by its code. One not listed is lasting where the gateway finds fault with us (4xx), else passing."""
    words = f"{clean(code, 80)}: {clean(said, 200)}"
    if code in _UNSURE:
        return Unsure(words)
    if code in _REFUSED:
        return Refused(words)
    passing = code in _LATER or code.startswith(_PASSING) or status == 429
    lasting = code in _UNUSABLE or 400 <= status < 500
    return Unusable(words) if lasting and not passing else TryLater(words)
