"""What datatrove's Gopher repetition filter and its MinHash say of texts, as one line of JSON.

usage: python datatrove_peer.py REQUEST.json
request: {"texts": [...], "minhash": {"n_grams", "num_buckets", "hashes_per_bucket"}, "out": folder,
          "repetition_filter": true or false}
reply:   {"repetition": [null or the name of the limit, ...], "kept": [index, ...],
          "seconds": of all MinHash steps, "signature_seconds": of the first, per document the most work}
"""

import json
import sys
import time

from datatrove.data import Document
from datatrove.pipeline.dedup import MinhashDedupBuckets, MinhashDedupCluster, MinhashDedupFilter, MinhashDedupSignature
from datatrove.pipeline.dedup.minhash import MinhashConfig
from datatrove.pipeline.filters import GopherRepetitionFilter
from loguru import logger

logger.remove()


def repetition(texts):
    limits = GopherRepetitionFilter()
    verdicts = [limits.filter(Document(text=text, id=str(i))) for i, text in enumerate(texts)]
    return [None if verdict is True else verdict[1] for verdict in verdicts]


def deduplicate(texts, config, out):
    documents = [Document(text=text, id=str(i)) for i, text in enumerate(texts)]
    signer = MinhashDedupSignature(f"{out}/signatures", config)
    signer.get_signature(signer.get_shingles("words that load what is loaded once only"))
    start = time.perf_counter()
    signer.run(documents)
    signed = time.perf_counter()
    buckets = MinhashDedupBuckets(f"{out}/signatures", f"{out}/buckets", config=config)
    for bucket in range(config.num_buckets):
        buckets.run(None, bucket, config.num_buckets)
    MinhashDedupCluster(f"{out}/buckets", f"{out}/remove", config=config).run()
    kept = [int(document.id) for document in MinhashDedupFilter(f"{out}/remove").run(documents)]
    return {"kept": kept, "seconds": time.perf_counter() - start, "signature_seconds": signed - start}


def main(texts, minhash, out, repetition_filter=True):
    reply = deduplicate(texts, MinhashConfig(**minhash), out)
    reply["repetition"] = repetition(texts) if repetition_filter else []
    print(json.dumps(reply))


if __name__ == "__main__":
    with open(sys.argv[1]) as file:
        main(**json.load(file))
