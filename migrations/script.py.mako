<%def name="steps(code)">\
% for line in (code or "pass").splitlines():
% if "# ###" not in line:
${line if line.startswith("    ") or not line else "    " + line}
% endif
% endfor
</%def>"""${message}."""

import sqlalchemy as sa
from alembic import op
${imports or ""}

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
${steps(upgrades)}

def downgrade() -> None:
${steps(downgrades)}
