"""What citizens say of the offices: ratings after collection, and complaints."""
