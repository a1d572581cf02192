"""What offices offer: services, their versions, fees, stages and papers."""
