//! An OpenAPI description as a judge of requests and answers.
