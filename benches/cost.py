"""Estimates what a batch costs on AWS, from its processor time (benches/function.py prints it) and its sizes.

    python benches/cost.py --processor-seconds 0.8 --memory 1769 --megabytes-in 157 --megabytes-out 176

Billed seconds are taken as processor time / (memory / 1769), since 1,769 MB bring one processor, plus all bytes / --megabytes-per-second:
an upper bound, as if nothing were read or written while it computes. That rate is an assumption. Prices are of us-east-1, S3
Standard, without free tier; check them at aws.amazon.com/lambda/pricing and aws.amazon.com/s3/pricing, and name others with the options.
"""

import argparse
import math

# Ranges read and parts written have so many bytes (docs/s3.md).
PART_BYTES = 8 << 20
MEGABYTES_PER_PROCESSOR = 1769


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, text in [("processor-seconds", "of a run"), ("memory", "of the function, MB"), ("megabytes-in", "the table"), ("megabytes-out", "the output")]:
        parser.add_argument(f"--{name}", type=float, required=True, help=text)
    parser.add_argument("--model-megabytes", type=float, default=1, help="the model; 0 if a warm function has it")
    parser.add_argument("--megabytes-per-second", type=float, default=70, help="between the function and S3")
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--per-gb-second", type=float, default=0.0000166667, help="Lambda, x86_64; arm64 0.0000133334")
    parser.add_argument("--per-million-invocations", type=float, default=0.20)
    parser.add_argument("--per-thousand-gets", type=float, default=0.0004)
    parser.add_argument("--per-thousand-puts", type=float, default=0.005)
    asked = parser.parse_args()
    costs = {name: cost * asked.runs for name, cost in parts(asked).items()}
    print(f"{'seconds of a run':28}{seconds(asked):>12.2f} s")
    for name, cost in costs.items():
        print(f"{name:28}{cost:>12.6f} USD")
    print(f"{f'{asked.runs:,} runs':28}{sum(costs.values()):>12.6f} USD")


def seconds(asked):
    computing = asked.processor_seconds / (asked.memory / MEGABYTES_PER_PROCESSOR)
    return computing + (asked.megabytes_in + asked.megabytes_out + asked.model_megabytes) / asked.megabytes_per_second


def parts(asked):
    """Dollars of one run, by what they are for."""
    gets = n_parts(asked.megabytes_in) + n_parts(asked.model_megabytes)
    n_puts = n_parts(asked.megabytes_out)
    # More than one part: a request begins the upload, and one ends it.
    puts = n_puts + 2 if n_puts > 1 else n_puts
    return {
        "computing": seconds(asked) * asked.memory / 1024 * asked.per_gb_second,
        "invocation": asked.per_million_invocations / 1e6,
        f"reading, {gets} requests": gets * asked.per_thousand_gets / 1e3,
        f"writing, {puts} requests": puts * asked.per_thousand_puts / 1e3,
    }


def n_parts(megabytes):
    return math.ceil(megabytes * 1e6 / PART_BYTES)


if __name__ == "__main__":
    main()
