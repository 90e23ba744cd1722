"""What Slack takes, as its documentation says; `docs.slack.dev/reference/block-kit` unless another page is named."""

BLOCKS = 50
"""Blocks of one message."""

VIEW_BLOCKS = 100
"""Blocks of a modal or the Home tab."""

VIEW = 240_000
"""Bytes of a view's blocks: Slack refuses a view over 250 kB (docs.slack.dev/reference/methods/views.publish)."""

TITLE = 24
"""Characters of a modal's title and of its buttons."""

LABEL = 2000
"""Characters of an input's label and hint."""

BUTTON = 75
"""Characters on a button."""

VALUE = 2000
"""Characters that a button carries."""

OPTION = 75
"""Characters of a choice, and of its description."""

OPTION_VALUE = 150
"""Characters behind a choice."""

OPTIONS = 100
"""Choices of a select."""

BOXES = 10
"""Choices of a group of checkboxes or radio buttons."""

BUTTONS = 25
"""Buttons of one actions block."""

INPUT = 3000
"""Characters that a text input takes."""

NOTICE = 4000
"""Characters of a message's text (docs.slack.dev/reference/methods/chat.postMessage: longer ones are cut)."""

TEXT = 12_000
"""Characters of all blocks of one message together: Slack refuses about 13,000 with `msg_blocks_too_long`."""

APP_NAME = 35
"""Characters of an app's name."""

BOT_NAME = 80
"""Characters of a bot's name."""

HINT = 1000
"""Characters of a slash command's usage hint."""

ALT = 1000
"""Characters that describe an uploaded image."""

PIECE = 3000
"""Characters of one block of ours: what is longer is broken into several, so that posts can be filled."""

CELLS = 20
"""Columns of a table."""

ROWS = 100
"""Rows of a table."""
