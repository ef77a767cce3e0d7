"""`python -m briefs` is `briefs`."""

from briefs.cli import main

if __name__ == "__main__":
    main()
