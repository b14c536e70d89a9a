"""The local bucket's front door: checks every request's SigV4 signature as S3 does, then hands it to moto.

Owns: verification (`signature`), S3's refusals (`refusals`), bodies and their checksums (`payload`), the copy
of each object kept on disk (`archive`, `restore`), uploads in parts (`unfinished`, `parts_keeper`), and the ASGI app
that joins them (`app.create_app`).
Refuses: anything anonymous, virtual-host addressing, and what it cannot verify.
"""
