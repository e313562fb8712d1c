namespace Grains.Telemetry;

/// <summary>The names of the cluster's activity sources. Each is named after the module that owns it.</summary>
public static class Names
{
    /// <summary>The prefix of all our sources. Only these may begin a trace.</summary>
    public const string Prefix = "Sweep.";

    /// <summary>The source for submitting, deciding and finishing.</summary>
    public const string Sweeps = "Sweep.Sweeps";

    /// <summary>The source for attempts, epochs and checkpoints.</summary>
    public const string Trainings = "Sweep.Trainings";

    public const string OrleansMeter = "Microsoft.Orleans";

    /// <summary>Orleans' own sources, whose spans are kept inside our traces only.</summary>
    public static readonly IReadOnlyList<string> OrleansSources =
        ["Microsoft.Orleans.Application", "Microsoft.Orleans.Runtime", "Microsoft.Orleans.Lifecycle", "Microsoft.Orleans.Storage"];
}
