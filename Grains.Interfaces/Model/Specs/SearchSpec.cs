using System.Text.Json.Serialization;

namespace Grains.Interfaces.Model.Specs;

/// <summary>How a sweep looks for good points: what proposes them, and what decides how far each is trained.</summary>
public sealed record SearchSpec
{
    /// <summary>The search of a file without a `search` block: every combination, each trained to its budget.</summary>
    public static readonly SearchSpec Grid = new() { Sampler = SamplerKind.Grid };

    public const int UsualTrials = 100, UsualParallelism = 8, UsualStartup = 10, UsualMinEpochs = 3, UsualReduction = 3;

    public required SamplerKind Sampler { get; init; }

    public SchedulerKind Scheduler { get; init; }

    /// <summary>The number of points to propose beside those that the file spells out. It means nothing to a grid.</summary>
    public int Trials { get; init; } = UsualTrials;

    /// <summary>
    /// The number of points that may be under way at once. A proposal knows the points that lie further back than this, however quickly
    /// the others arrived.
    /// </summary>
    public int Parallelism { get; init; } = UsualParallelism;

    /// <summary>The number of points that are spread over the space before a model of the results proposes any.</summary>
    public int Startup { get; init; } = UsualStartup;

    /// <summary>The epochs of the first rung.</summary>
    public int MinEpochs { get; init; } = UsualMinEpochs;

    /// <summary>The factor from one rung to the next. One trial in so many goes on.</summary>
    public int Reduction { get; init; } = UsualReduction;

    /// <summary>Whether a sampler that learns begins with the point of the shared settings.</summary>
    public bool SharedFirst { get; init; } = true;

    /// <summary>When no more points are proposed; null for when there are no more.</summary>
    public StopSpec? Stop { get; init; }

    /// <summary>The most points of a sweep, of which so many are known before anything is trained.</summary>
    public int PointsWith(int known) => Sampler.IsListed() ? known : known + Trials;

    /// <summary>Whether there is anything to decide while the sweep runs. If not, all its trials are known at its start.</summary>
    [JsonIgnore] public bool Decides => !Sampler.IsListed() || Scheduler != SchedulerKind.Full || Stop is not null;
}
