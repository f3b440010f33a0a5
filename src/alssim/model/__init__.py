"""The disease model: patients and their fate, neuron loss, function, events, stages, treatments."""
