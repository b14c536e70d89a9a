from enum import StrEnum


class CertificateOutFirebaseUser(StrEnum):
    DELETED = "deleted"
    NONE = "none"
    PENDING = "pending"

    def __str__(self) -> str:
        return str(self.value)
