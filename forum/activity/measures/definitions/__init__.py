"""One file a measure, named as the measure, in a folder for each construct."""
