"""What the bank says happened in our account, beside the books."""
