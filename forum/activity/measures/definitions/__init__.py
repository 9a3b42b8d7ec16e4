"""The measures of a whole record, a file a construct: whatever is in this folder is entered."""
