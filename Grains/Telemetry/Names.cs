namespace Grains.Telemetry;

/// <summary>What the cluster calls its activity sources: after the modules that own them.</summary>
public static class Names
{
    /// <summary>What all of ours start with; only these may begin a trace.</summary>
    public const string Prefix = "Sweep.";

    /// <summary>Submitting, deciding, finishing.</summary>
    public const string Sweeps = "Sweep.Sweeps";

    /// <summary>Attempts, epochs, checkpoints.</summary>
    public const string Trainings = "Sweep.Trainings";

    public const string OrleansMeter = "Microsoft.Orleans";

    /// <summary>Orleans' own sources; their spans are kept inside our traces only.</summary>
    public static readonly IReadOnlyList<string> OrleansSources =
        ["Microsoft.Orleans.Application", "Microsoft.Orleans.Runtime", "Microsoft.Orleans.Lifecycle", "Microsoft.Orleans.Storage"];
}
