"""An S3 server (moto's) in a process of its own, for tests: nothing of it is left when they end."""

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import boto3

KEY = {"key": "test", "secret": "test"}
SERVE = """
import sys, threading
from moto.server import ThreadedMotoServer
server = ThreadedMotoServer(ip_address=sys.argv[1], port=0, verbose=False)
server.start()
print(server.get_host_and_port()[1], flush=True)
sys.stdin.read()  # until whoever started this ends
server.stop()
"""


@dataclass(frozen=True)
class S3:
    """`options` is what the store's STORAGE_OPTIONS are."""

    url: str
    bucket: str
    options: dict[str, str]


@contextlib.contextmanager
def s3_server(address: str = "127.0.0.1", bucket: str = "portline") -> Iterator[S3]:
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE, address],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout
    assert process.stdin
    try:
        url = f"http://{address}:{process.stdout.readline().strip()}"
        client = boto3.client(
            "s3", endpoint_url=url, region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test"
        )
        client.create_bucket(Bucket=bucket)
        yield S3(url, bucket, {"endpoint_url": url, **KEY})
    finally:
        process.stdin.close()
        process.wait(timeout=20)
