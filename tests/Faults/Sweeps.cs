namespace Tests.Faults;

/// <summary>Holds small sweep files.</summary>
internal static class Sweeps
{
    /// <summary>The sweep has four trials that end within a second or two.</summary>
    public const string Small = """
        name: small
        seed: 3
        data: {source: xray-phantom, train: 200, validation: 60, test: 60}
        model: {hidden: [16]}
        training: {batch_size: 16, epochs: 3}
        parameters:
          activation: {values: [relu, tanh]}
        replicates: 2
        """;

    /// <summary>
    /// The sweep trains for several seconds. That is long enough to be struck in the middle, and to have been checkpointed there.
    /// </summary>
    public static string Long => LongOf(epochs: 24);

    public static string LongOf(int epochs) => $$"""
        name: long
        seed: 5
        data: {source: xray-phantom, train: 600, validation: 60, test: 60}
        model: {kind: cnn, filters: [8, 16, 16], dense: [16], dropout: 0.1, batch_norm: true}
        training: {batch_size: 32, epochs: {{epochs}}}
        parameters:
          activation: {values: [relu, tanh]}
        replicates: 2
        """;

    /// <summary>The sweep has 24 trainings of several seconds each, enough to be struck twenty times before it ends.</summary>
    public const string Struck = """
        name: struck
        seed: 5
        data: {source: xray-phantom, train: 800, validation: 60, test: 60}
        model: {kind: cnn, filters: [8, 16, 16], dense: [16], dropout: 0.1, batch_norm: true}
        training: {batch_size: 32, epochs: 40}
        parameters:
          activation: {values: [relu, tanh]}
          learning_rate: {values: [1e-4, 1e-3, 1e-2]}
        replicates: 4
        """;

    /// <summary>The sweep takes longer than anybody waits for.</summary>
    public const string Endless = """
        name: endless
        data: {source: xray-phantom, train: 200, validation: 60, test: 60}
        model: {hidden: [16]}
        training: {batch_size: 16, epochs: 90000}
        parameters:
          activation: {values: [relu, tanh, sigmoid, elu]}
        """;
}
