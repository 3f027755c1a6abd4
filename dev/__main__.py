"""`python3 -m dev <command> [NAME=value …]`: what the Makefile's targets call."""
import importlib
import signal
import sys

from .shell import SetupError

# command → (module of dev/ or by its full name, what it does); the function has the command's name
COMMANDS = {
    "run": ("serve", "Odoo with demo data, and mail servers, until ^C (PORT=)"),
    "mail": ("mail_cli", "send a mail to the running demo: FROM= TO= SUBJECT= [BODY=] [FILE=]"),
    "sms": ("sms_cli", "let an SMS come to the running demo: FROM= TEXT= [TO=]"),
    "test": ("testing", "all tests but the slow ones; one file or name by T= K="),
    "test-all": ("testing", "all tests"),
    "lint": ("linting", "all linters and checks"),
    "fix": ("linting", "let the linters repair what they can"),
    "pot": ("translations", "export i18n/*.pot from the sources"),
    "shell": ("serve", "Odoo's Python shell on the demo database"),
    "screenshots": ("screenshots", "pictures of the demo for README and app page"),
    "bench": ("bench.run", 'measure us beside plain Odoo and OCA\'s helpdesk: SIZES="1000 10000 100000"'),
    "seed": ("bench.seed", "fill the demo with generated tickets: N=10000"),
    "package": ("packaging", "the wheel odoo-addon-servicedesk, into dist/"),
    "corpus": ("corpus", "real mails beside the checkout through us and plain Odoo, into docs/reliability.md"),
    "frozen": ("frozen", "add new names to tests/frozen_names.txt"),
    "shares": ("shares", "note how long the tests of the last run took, to divide them well"),
    "clean": ("cleaning", "remove what this checkout made (the shared cache stays)"),
    "setup": ("serve", "only the set-up steps"),
    "keep": ("serve", "start | stop: keep PostgreSQL running between commands"),
}


def main():
    command, *words = sys.argv[1:] or ["help"]
    if command not in COMMANDS:
        print("".join(f"make {name:<12} {text}\n" for name, (_module, text) in COMMANDS.items()), end="")
        return 0 if command == "help" else 2
    options = {}
    for word in words:
        name, given, value = word.partition("=")
        options[name] = value if given else True
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    try:
        name = COMMANDS[command][0]
        module = importlib.import_module(name if "." in name else f"dev.{name}")
        return getattr(module, command.replace("-", "_"))(options) or 0
    except SetupError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nstopped", file=sys.stderr)
        return 130


def _interrupt(_number, _frame):
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
