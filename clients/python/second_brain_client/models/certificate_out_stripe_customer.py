from enum import StrEnum


class CertificateOutStripeCustomer(StrEnum):
    DELETED = "deleted"
    NONE = "none"
    PENDING = "pending"

    def __str__(self) -> str:
        return str(self.value)
