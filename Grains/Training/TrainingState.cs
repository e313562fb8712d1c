namespace Grains.Training;

/// <summary>
/// Holds all that the next epoch depends on besides the recipe and the data. Every random number is a function of its place.
/// </summary>
/// <param name="Epoch">The number of epochs trained; 0 before the first.</param>
/// <param name="Weights">A safetensors file with the network's tensors, buffers included.</param>
/// <param name="Optimizer">A safetensors file with the moments and the number of updates; null before the first epoch.</param>
public sealed record TrainingState(int Epoch, byte[] Weights, byte[]? Optimizer);
