"""Times as the org writes them."""
import datetime


def seconds(text):
    """Since 1970, of a time in RFC 3339 with milliseconds, in UTC."""
    at = datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ")
    return at.replace(tzinfo=datetime.timezone.utc).timestamp()
