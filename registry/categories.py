"""The order and hues of categories, as the palette has them (`static/src/designer/palette/categories.ts`)."""

from django.db.models import Case, IntegerField, Value, When

ORDER = ("Data", "Preparation", "Machine learning", "Evaluation", "Text", "Images", "Code", "Control flow")
HUES = {"Data": 1, "Preparation": 2, "Machine learning": 4, "Evaluation": 5, "Text": 3, "Images": 6, "Control flow": 6}


def rank(category: str) -> tuple[int, str]:
    """Sorts categories: the usual ones as a pipeline meets them, others by name."""
    return (ORDER.index(category) if category in ORDER else len(ORDER), category.lower())


def in_order() -> Case:
    """The same for a query of components: order by this, then by category."""
    usual = [When(category=name, then=Value(index)) for index, name in enumerate(ORDER)]
    return Case(*usual, default=Value(len(ORDER)), output_field=IntegerField())


def hue(category: str) -> str:
    """The CSS colour of a category's tile; one that is not listed always gets the same of the six."""
    number = 0
    for letter in category:
        number = (number * 31 + ord(letter)) & 0xFFFFFFFF
    return f"var(--category-{HUES.get(category, number % 6 + 1)})"
