"""A release as files: data, codebook, data package, disclosure report."""
