"""The batch function as it is written in Python today: boto3, pandas, scikit-learn. Run as a program it is its own Lambda runtime.

It keeps the contract of docs/batch.md as far as such handlers do; docs/differences.md says where Pythia does more.
"""

import http.client
import io
import json
import os
import pickle
from urllib.parse import urlparse

import boto3
import pandas as pd
from botocore.exceptions import ClientError

REQUIRED = ["model_s3_uri", "data_s3_uri", "output_s3_uri", "prediction_column_name", "feature_columns"]
s3 = boto3.client("s3")


def lambda_handler(event, context):
    try:
        body, status = run(event), 200
    except ValueError as error:
        body, status = {"success": False, "error": str(error), "error_type": "ValidationError"}, 400
    except Exception as error:
        body, status = {"success": False, "error": str(error), "error_type": type(error).__name__}, 500
    return {"statusCode": status, "body": json.dumps(body)}


def run(event):
    absent = [name for name in REQUIRED if name not in event]
    if absent:
        raise ValueError(f"Missing required fields in event: {', '.join(absent)}")
    model_at, data_at, output_at = (place(event[name]) for name in REQUIRED[:3])
    model = pickle.loads(download(*model_at))
    table = pd.read_csv(io.BytesIO(download(*data_at)))
    if table.empty:
        raise ValueError("Input data is empty")
    features = event["feature_columns"]
    missing = [name for name in features if name not in table.columns]
    if missing:
        raise ValueError(f"Missing required feature columns: {', '.join(missing)}")
    table[event["prediction_column_name"]] = model.predict(table[features])
    text = io.StringIO()
    table.to_csv(text, index=False)
    s3.put_object(Bucket=output_at[0], Key=output_at[1], Body=text.getvalue())
    return {
        "success": True,
        "predictions_generated": len(table),
        "output_s3_uri": event["output_s3_uri"],
        "prediction_column_name": event["prediction_column_name"],
    }


def place(uri):
    if not uri.startswith("s3://"):
        raise ValueError(f"Invalid S3 URI format: {uri}. Must start with 's3://'")
    parts = urlparse(uri)
    return parts.netloc, parts.path.lstrip("/")


def download(bucket, key):
    try:
        return s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    except ClientError as error:
        raise ValueError(f"Failed to download from S3: {error}") from error


def serve():
    """What AWS's runtime for Python does: the next event, its answer, and again."""
    connection = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
    root = "/2018-06-01/runtime/invocation"
    while True:
        connection.request("GET", f"{root}/next")
        response = connection.getresponse()
        request, event = response.headers["Lambda-Runtime-Aws-Request-Id"], json.loads(response.read())
        connection.request("POST", f"{root}/{request}/response", json.dumps(lambda_handler(event, None)))
        connection.getresponse().read()


if __name__ == "__main__":
    serve()
