using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Networks;
using Grains.Interfaces.Model.Randomness;

namespace Grains.Training.Checkpoints;

/// <summary>
/// Makes the weights that a training starts from. A tensor's numbers are a function of (seed, replicate, name, shape, initializer). So
/// networks that share a layer share its first weights.
/// </summary>
public static class InitialCheckpoint
{
    /// <summary>The deviation of a standard normal cut at ±2. Keras divides by it to keep the variance.</summary>
    private const double TruncatedDeviation = .87962566103423978;

    /// <returns>A safetensors file with every tensor of the network.</returns>
    public static byte[] Draw(Network network, Initializer initializer, long seed, int replicate) =>
        Safetensors.Write(network.Tensors.Select(
            shape => new NamedTensor(shape.Name, shape.Dimensions, Values(shape, initializer, seed, replicate))));

    /// <summary>Refuses a file that does not fit a network.</summary>
    /// <exception cref="SpecException">The file does not fit. The message lists every tensor that is missing, extra or
    /// misshapen.</exception>
    public static void Check(Network network, IEnumerable<NamedTensor> tensors, string fileName)
    {
        var found = tensors.ToDictionary(t => t.Name);
        var expected = network.Tensors.ToDictionary(t => t.Name);
        var problems = new List<string>();
        foreach (var shape in network.Tensors)
        {
            if (!found.TryGetValue(shape.Name, out var tensor)) problems.Add($"{shape.Name} {Text(shape.Dimensions)} is missing");
            else if (!tensor.Dimensions.AsSpan().SequenceEqual(shape.Dimensions.AsSpan()))
            {
                problems.Add($"{shape.Name} is {Text(tensor.Dimensions)} and the model needs {Text(shape.Dimensions)}");
            }
        }
        problems.AddRange(found.Values.Where(t => !expected.ContainsKey(t.Name)).OrderBy(t => t.Name, StringComparer.Ordinal)
            .Select(t => $"{t.Name} {Text(t.Dimensions)} is not in the model"));
        if (problems.Count == 0) return;
        throw new SpecException($"{fileName} does not fit the model: {string.Join("; ", problems)}. " +
            "Give every tensor of the model, under its name and in torch's shape, and no other; " +
            "or leave initial_checkpoint out to have one drawn.");
    }

    /// <summary>Returns a shape as text, such as "[64, 1, 3, 3]".</summary>
    internal static string Text(IEnumerable<int> dimensions) => $"[{string.Join(", ", dimensions)}]";

    private static float[] Values(TensorShape shape, Initializer initializer, long seed, int replicate)
    {
        var values = new float[shape.Count];
        if (shape.Role is TensorRole.Scale or TensorRole.RunningVariance) Array.Fill(values, 1f);
        if (shape.Role is not TensorRole.Weight) return values;

        var stream = KeyedStream.Of(seed, replicate, "initial", $"{shape.Name}|{string.Join('x', shape.Dimensions)}");
        double fans = initializer is Initializer.HeNormal or Initializer.HeUniform ? shape.FanIn : (shape.FanIn + shape.FanOut) / 2.0;
        if (initializer is Initializer.HeNormal or Initializer.GlorotNormal)
        {
            // He's variance is 2 / in. Glorot's is 2 / (in + out), that is 1 / fans.
            double variance = initializer is Initializer.HeNormal ? 2 / fans : 1 / fans;
            double deviation = Math.Sqrt(variance) / TruncatedDeviation;
            for (int i = 0; i < values.Length; i++) values[i] = (float)(deviation * Truncated(stream));
        }
        else
        {
            double limit = initializer is Initializer.HeUniform ? Math.Sqrt(6 / fans) : Math.Sqrt(3 / fans);
            for (int i = 0; i < values.Length; i++) values[i] = (float)(limit * ((2 * stream.NextDouble()) - 1));
        }
        return values;
    }

    private static double Truncated(KeyedStream stream)
    {
        double value;
        do value = stream.NextNormal();
        while (Math.Abs(value) > 2);
        return value;
    }
}
