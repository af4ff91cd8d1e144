"""What a conda dependency is called where pip packages come from.

Sources: conda's match specification (`name`, `name=1.2` for any 1.2.x, `name==1.2`, `name>=1,<2`, `name=1.2=build`,
`channel::name`) and the names of conda-forge's packages against those of the Python Package Index.
"""

import re

from registry.spec.packages import normalised

# conda's name -> pip's, where these differ.
NAMES = {
    "black-jupyter": "black[jupyter]",
    "brotli-python": "brotli",
    "dask-core": "dask",
    "gym-box2d": "gym[box2d]",
    "jsonschema-with-format-nongpl": "jsonschema[format-nongpl]",
    "keras-base": "keras",
    "matplotlib-base": "matplotlib",
    "msgpack-python": "msgpack",
    "opencv": "opencv-python-headless",
    "py-lightgbm": "lightgbm",
    "py-opencv": "opencv-python-headless",
    "py-xgboost": "xgboost",
    "py-xgboost-cpu": "xgboost-cpu",
    "pyarrow-core": "pyarrow",
    "pytables": "tables",
    "python-duckdb": "duckdb",
    "python-flatbuffers": "flatbuffers",
    "python-graphviz": "graphviz",
    "python-lmdb": "lmdb",
    "python-tzdata": "tzdata",
    "python-xxhash": "xxhash",
    "pytorch": "torch",
    "pytorch-cpu": "torch",
    "pytorch-gpu": "torch",
    "seaborn-base": "seaborn",
    "tensorflow-base": "tensorflow",
    "tensorflow-gpu": "tensorflow",
}

# What conda installs beside Python packages: programs, compilers and libraries of the system.
_NO_PIP = {
    "_libgcc_mutex", "_openmp_mutex", "binutils", "blas", "blas-devel", "bzip2", "ca-certificates", "compilers", "cuda",
    "cuda-nvcc", "cuda-toolkit", "cudatoolkit", "cudnn", "curl", "cxx-compiler", "c-compiler", "ffmpeg",
    "fortran-compiler", "freetype", "gcc", "gdal", "geos", "gfortran", "git", "git-lfs", "glib", "go", "gxx", "hdf5",
    "icu", "jq", "julia", "krb5", "lame", "make", "maven", "mkl-devel", "mkl-include", "mpi", "mpich", "nccl",
    "ncurses", "nodejs", "openblas", "openjdk", "openmpi", "openssl", "pandoc", "perl", "pkg-config", "poppler",
    "postgresql", "proj", "pytorch-cuda", "pytorch-mutex", "r", "readline", "ruby", "rust", "sqlite", "swig", "tar",
    "tesseract", "tk", "tbb-devel", "ttyd", "unixodbc", "unzip", "vim", "wget", "xgboost-proc", "xz", "zip", "zlib",
    "zstd",
}  # fmt: skip
_NO_PIP_PATTERN = re.compile(
    r"_|r-|lib(?!rosa|svm|sass|cst|clang|tmux)|.*(-ng|_linux-64|-devel|-static|-dev)$|cuda-|gcc_|gxx_"
)
_SPEC = re.compile(r"^(?:[\w./:-]+::)?(?P<name>[A-Za-z0-9_][A-Za-z0-9_.-]*)\s*(?P<version>.*)$")
_EXACT = re.compile(r"^\d[\w.+!]*$")


class NoEquivalent(ValueError):
    """conda has it and pip does not; `name` is conda's."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(name)


def translated(dependency: str) -> tuple[str, str]:
    """A conda dependency as the name and the versions that pip takes: `numpy=1.26` is `numpy`, `==1.26.*`.

    Python itself answers `python` with the versions as `python_versions` has them. Raises NoEquivalent, and ValueError
    with a sentence for what is written wrongly.
    """
    found = _SPEC.match(dependency.strip())
    if found is None or "[" in found["version"]:
        raise ValueError(f"`{dependency}` is not a conda dependency that can be translated; write `name=version`")
    name, version = found["name"].lower(), re.sub(r"\s*([,=<>!~|])\s*", r"\1", found["version"].strip())
    if "|" in version:
        raise ValueError(f"`{dependency}`: pip knows no `|` between versions; choose a range such as `{name}>=1,<3`")
    if name == "python":
        version = _python(version)
        return name, python_versions(version) if version else ""
    known = NAMES.get(name)
    if known is None and (name in _NO_PIP or _NO_PIP_PATTERN.match(name)):
        raise NoEquivalent(name)
    return known or name, _versions(dependency, version)


def python_versions(text: str) -> str:
    """`3.10`, `3.10.4`, or a range such as `>=3.9,<3.12`. Raises ValueError."""
    text = re.sub(r"\s+", "", text)
    if re.fullmatch(r"3(\.\d+){0,2}", text):
        return text
    part = r"(?:[<>]=?|==|!=|~=)3(?:\.\d+){0,2}(?:\.\*)?"
    if re.fullmatch(rf"{part}(?:,{part})*", text):
        return ",".join(sorted(text.split(","), reverse=True))
    raise ValueError(f"`{text}` is not a version of Python; write `3.11` or a range such as `>=3.10,<3.13`")


def _python(version: str) -> str:
    """conda's `=3.10`, `=3.10.*` and `=3.10=build` are any 3.10."""
    version = version.replace(" ", "=").lstrip("=") if not re.match(r"[<>!~]", version) else version
    return re.sub(r"\.\*$", "", version.partition("=")[0] if re.match(r"\d", version) else version)


def _versions(dependency: str, version: str) -> str:
    if version in ("", "*", "=*"):
        return ""
    if re.match(r"[<>!~]", version):
        return _checked(dependency, version)
    fuzzy = re.match(r"=[^=]", version) is not None
    wanted, _, build = version.lstrip("=").replace(" ", "=").partition("=")
    number = wanted.removesuffix(".*").removesuffix("*")
    if not _EXACT.match(number):
        raise ValueError(f"`{dependency}`: `{wanted}` is not a version")
    whole = wanted != number or (fuzzy and not build)
    return _checked(dependency, f"=={number}.*" if whole else f"=={number}")


def _checked(dependency: str, versions: str) -> str:
    try:
        return normalised(f"x{versions}")[1:]
    except ValueError:
        raise ValueError(f"`{dependency}`: `{versions}` is not a version that pip takes") from None
