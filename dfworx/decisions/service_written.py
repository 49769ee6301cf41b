"""A record as Markdown, with the headings of MADR 4.0."""

from dfworx.decisions.validators import Content


def written(content: Content) -> str:
    """The record as Markdown, with MADR's headings; what is empty is left out."""
    blocks = [f"# {content.title}"]
    for name, heading in (("context", "Context and Problem Statement"), ("drivers", "Decision Drivers")):
        blocks += _section(heading, getattr(content, name))
    blocks += _section("Considered Options", "\n".join(f"* {option.title}" for option in content.options))
    chosen = f'Chosen option: "{content.chosen}".' if content.chosen else ""
    blocks += _section("Decision Outcome", "\n\n".join(filter(None, (chosen, content.outcome))))
    blocks += _section("Consequences", content.consequences, "###")
    blocks += _section("Confirmation", content.confirmation, "###")
    judged = [option for option in content.options if option.text or option.pros or option.cons or option.neutral]
    blocks += ["## Pros and Cons of the Options"] if judged else []
    for option in judged:
        points = [("Good", option.pros), ("Neutral", option.neutral), ("Bad", option.cons)]
        lines = [f"* {sign}, because {point}" for sign, each in points for point in each]
        blocks += _section(option.title, "\n\n".join(filter(None, (option.text, "\n".join(lines)))) or " ", "###")
    return "\n\n".join([*blocks, *_section("More Information", content.more)]) + "\n"


def _section(heading: str, text: str, level: str = "##") -> list[str]:
    return [f"{level} {heading}", text] if text else []
