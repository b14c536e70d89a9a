"""The file of RDS's own authorities: AWS publishes it, and who deploys a cluster without a proxy fetches it once."""

from pathlib import Path

AUTHORITIES = Path("build", "rds-authorities", "rds.pem")
SOURCE = "https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem"
"""https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.SSL.html"""

_PLACEHOLDER = f"Fetch {SOURCE} in place of this file, which is here so that templates can be made without it.\n"


def authorities_folder(root: Path) -> Path:
    """The folder that functions are to have under `/opt`; where nobody fetched the file, it holds a word on that."""
    file = root / AUTHORITIES
    file.parent.mkdir(parents=True, exist_ok=True)
    if not file.exists():
        file.write_text(_PLACEHOLDER, encoding="utf-8")
    return file.parent


def has_authorities(root: Path) -> bool:
    """Whether somebody fetched it."""
    file = root / AUTHORITIES
    return file.is_file() and "-----BEGIN CERTIFICATE-----" in file.read_text(encoding="utf-8")
