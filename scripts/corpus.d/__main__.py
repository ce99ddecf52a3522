"""Makes the corpus: `python scripts/corpus.d OUT`."""

import sys

import passlib.utils.handlers
from passlib.hash import bcrypt

import crypts
import digests
import frameworks
import ldaps
import rarities
import services
import table

bcrypt.set_backend("bcrypt")
# What passlib draws by itself is the same each time too.
passlib.utils.handlers.rng = table.DICE
for family in [crypts, ldaps, frameworks, services, digests, rarities]:
    family.make()
table.write(sys.argv[1])
print(f"{len(table.ROWS)} rows of {len({row['notation'] for row in table.ROWS})} notations", file=sys.stderr)
