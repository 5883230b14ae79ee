"""The bench's model in PyTorch, on the CPU: a step per line of standard input, its time and loss as a line of JSON.

Argument: a folder with workload.json and weights.bin (see scripts/lib/bench/pytorch.ts).
"""
import json
import sys
import time
from pathlib import Path

import torch
import torch.nn.functional as F

folder = Path(sys.argv[1])
work = json.loads((folder / "workload.json").read_text())
numbers = torch.frombuffer(bytearray((folder / "weights.bin").read_bytes()), dtype=torch.float32)
parameters = {}
for entry in work["parameters"]:
    values = numbers[entry["offset"] : entry["offset"] + entry["size"]]
    parameters[entry["name"]] = values.clone().reshape(entry["shape"]).requires_grad_()

B, T, H, N = (work[key] for key in ("batch", "tokens", "hidden", "heads"))
ids = torch.tensor(work["inputIds"]).reshape(B, T)
attends = torch.tensor(work["attentionMask"], dtype=torch.bool).reshape(B, 1, 1, T)
labels = torch.tensor(work["labels"])
# The fastest AdamW that PyTorch has for the CPU; the default takes some 10 ms more on the small model.
optimizer = torch.optim.AdamW(
    [
        {"params": [parameters[name] for name in group["names"]], "weight_decay": group["weightDecay"]}
        for group in work["groups"]
    ],
    lr=work["learningRate"],
    betas=(work["beta1"], work["beta2"]),
    eps=work["epsilon"],
    fused=True,
)


def linear(x, module):
    return F.linear(x, parameters[f"{module}.weight"], parameters[f"{module}.bias"])


def norm(x, module):
    return F.layer_norm(x, (H,), parameters[f"{module}.weight"], parameters[f"{module}.bias"], work["layerNormEps"])


def split(x):
    return x.reshape(B, T, N, H // N).transpose(1, 2)


def loss_of_model():
    names = work["embeddings"]
    rows = F.embedding(ids, parameters[f"{names['word']}.weight"])
    positions = parameters[f"{names['position']}.weight"][:T]
    types = parameters[f"{names['tokenType']}.weight"][0]  # every token is of type 0
    x = norm(rows + (positions + types), names["norm"])
    for layer in work["layers"]:
        q, k, v = (split(linear(x, layer[name])) for name in ("query", "key", "value"))
        context = F.scaled_dot_product_attention(q, k, v, attn_mask=attends)
        context = context.transpose(1, 2).reshape(B, T, H)
        y = norm(x + linear(context, layer["attentionOutput"]), layer["attentionNorm"])
        x = norm(y + linear(F.gelu(linear(y, layer["intermediate"])), layer["output"]), layer["outputNorm"])
    logits = linear(x, work["head"])
    return F.cross_entropy(logits.permute(2, 0, 1).reshape(2 * B, T), labels)


def say(message):
    print(json.dumps(message), flush=True)


say({"version": torch.__version__, "threads": torch.get_num_threads()})
for _ in sys.stdin:
    started = time.perf_counter()
    optimizer.zero_grad()
    loss = loss_of_model()
    loss.backward()
    optimizer.step()
    say({"loss": loss.item(), "ms": 1000 * (time.perf_counter() - started)})
