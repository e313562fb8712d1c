namespace Grains.Search;

/// <summary>What a point came to at a number of epochs. A closed family.</summary>
public abstract record Outcome
{
    /// <summary>The objective's mean over the replicates, smaller is better.</summary>
    public sealed record Measured(double Loss) : Outcome;

    /// <summary>Its recipe made it fail: it diverged. That is a result, and the worst.</summary>
    public sealed record Diverged : Outcome;

    /// <summary>The cluster made it fail, which says nothing of the point. The search goes on as if it had not been proposed.</summary>
    public sealed record Lost : Outcome;

    /// <summary>The loss, as schedulers compare it; null where it is no result.</summary>
    public double? Standing => this switch
    {
        Measured { Loss: var loss } => double.IsNaN(loss) ? double.PositiveInfinity : loss,
        Diverged => double.PositiveInfinity,
        _ => null,
    };
}
