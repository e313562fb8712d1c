using System.Collections.Immutable;

namespace Grains.Training.Checkpoints;

/// <summary>One tensor of a file.</summary>
/// <param name="Dimensions">The dimensions in torch's order: (O, I, 3, 3), (O, I), (F).</param>
/// <param name="Values">The numbers row by row, the last dimension fastest.</param>
public sealed record NamedTensor(string Name, ImmutableArray<int> Dimensions, float[] Values);

/// <summary>The content of a safetensors file.</summary>
/// <param name="Tensors">The tensors in the order of their names.</param>
public sealed record TensorFile(ImmutableArray<NamedTensor> Tensors, ImmutableSortedDictionary<string, string> Metadata);
