"""What a part has found out: figures, some with a wanted value, and tables; for a terminal, a page and a program."""


class Findings:
    """The findings of one part. They are told as they come."""

    def __init__(self, name):
        self.name = name
        self.figures, self.tables, self.notes = [], [], []

    def figure(self, what, value, shown, wanted=None, ok=None):
        """One number. `wanted` says in words what it should be, `ok` whether it is."""
        verdict = None if ok is None else "ok" if ok else "short"
        self.figures.append({"what": what, "value": value, "shown": shown, "wanted": wanted, "verdict": verdict})
        judged = f" (wanted: {wanted}; {verdict})" if verdict else ""
        print(f"  {what}: {shown}{judged}", flush=True)

    def note(self, text):
        """What has to be known of the figures, such as what was left out."""
        self.notes.append(text)
        print(f"  {text}", flush=True)

    def table(self, columns, rows):
        """Many numbers of a kind."""
        rows = [[str(cell) for cell in row] for row in rows]
        self.tables.append({"columns": columns, "rows": rows})
        print("\n".join(f"  {line}" for line in aligned(columns, rows)), flush=True)

    def short(self):
        """What is not as it is wanted."""
        found = [figure["what"] for figure in self.figures if figure["verdict"] == "short"]
        for table in self.tables:
            found += [" ".join(row[:-1][:3]) for row in table["rows"] if row[-1] == "short"]
        return [f"{self.name}: {what}" for what in found]

    def document(self):
        return {"figures": self.figures, "tables": self.tables, "notes": self.notes}

    def page(self):
        """As Markdown."""
        blocks = []
        if self.figures:
            rows = [[figure["what"], figure["shown"], figure["wanted"] or "", figure["verdict"] or ""] for figure in self.figures]
            blocks.append(markdown(["figure", "measured", "wanted", ""], rows))
        blocks += [markdown(table["columns"], table["rows"]) for table in self.tables]
        blocks += self.notes
        return "\n\n".join(blocks)


def markdown(columns, rows):
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def aligned(columns, rows):
    widths = [max(len(row[at]) for row in [columns, *rows]) for at in range(len(columns))]
    return ["  ".join(cell.rjust(width) for cell, width in zip(row, widths)) for row in [columns, *rows]]
