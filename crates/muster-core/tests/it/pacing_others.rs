//! Others spend of the same buckets.
