"""A cluster of Ray on this machine: a head without workers and some nodes, as processes of their own.

    python tests/ray_cluster.py NODES

Prints its address; then kills a node, without a word to it, for each line of standard input, and ends with that.
"""

from __future__ import annotations

import os
import sys

from briefs.engine import ENVIRONMENT


def main() -> None:
    """Start the cluster, and do as is asked."""
    os.environ.update(ENVIRONMENT)
    from ray.cluster_utils import Cluster

    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 0, "include_dashboard": False})
    nodes = [cluster.add_node(num_cpus=2) for _ in range(int(sys.argv[1]))]
    sys.stdout.write(f"{cluster.address}\n")
    sys.stdout.flush()
    for _ in sys.stdin:
        cluster.remove_node(nodes.pop(), allow_graceful=False)
        sys.stdout.write(f"{len(nodes)}\n")
        sys.stdout.flush()
    cluster.shutdown()


if __name__ == "__main__":
    main()
