"""Names of runs, as Azure ML gives them to jobs: `gentle_river_k3x9p2`."""

import random
import re
import string

NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9_-]{0,254}$")
"""What a run may be called, as Azure ML's jobs."""

ADJECTIVES = """
    able amber ample ancient autumn azure balmy blue bold brave breezy bright brisk bronze busy calm careful
    cheerful clean clear clever coral cool copper crisp curious dapper deep eager early easy elated fair fancy fast
    fine firm fleet fond free fresh frosty gentle gifted glad golden good grand great green happy hardy helpful
    honest ideal ivory jolly joyful keen kind large lemon light lime lively loyal lucid lucky magic mellow merry
    mighty mild modest musing neat new nice nifty noble novel olive open orange patient placid plain polite proud
    purple quick quiet ready red regal rich rosy royal sandy sharp shiny silent silver simple sincere sleek smart
    smooth snowy soft solid spring steady strong sunny super sweet swift tall tender tidy tough true upbeat violet
    vivid warm wide willing wise witty yellow young zesty
""".split()  # noqa: SIM905
NOUNS = """
    ant apple arch arrow atom badge balloon bamboo band basil basin basket bay beach bean bear bee bell berry bird
    boat book boot bottle bowl box branch bread brick bridge brook brush bucket cabbage camel candle canyon carrot
    cart castle cave chain cherry circle city cliff cloud clover coat coconut comet corn cotton cup dawn deer desk
    dove dream drop eagle engine evening farm feast feather fennel field fig fish flag floor flower flute forest fox
    frame garden gate ghost giraffe glove goat grape grass guitar hair hat heart hill holiday honey house island
    ivory jewel juice kettle key king kite lamp lake leaf lemon leopard library lily lion lizard lock map maple
    market melon milk mango moon morning mountain nail needle nest net night nose nut oak ocean office onion orange
    owl oxygen oyster panda parcel park parrot peach pear pen pepper piano picture pipe plane plate plum pocket pot
    pump quill quince rabbit rain raisin reef rhythm rice ring river road rocket roof root rose sail salt school sea
    seal seed shark shelf ship shoe sky snow soccer spade spoon spring square stamp star station stem stone store
    street sugar sun swan table tail tent thread tiger toe tomato tongue tooth tower town train tree truck trunk
    turnip vase wall watch wave whale wheel wind window wing winter wire wolf yacht yak yam zebra
""".split()  # noqa: SIM905


def run_name() -> str:
    """A name that no other run has: 30,000 pairs of words times two thousand million endings."""
    source = random.SystemRandom()
    ending = "".join(source.choices(string.ascii_lowercase + string.digits, k=6))
    return f"{source.choice(ADJECTIVES)}_{source.choice(NOUNS)}_{ending}"
