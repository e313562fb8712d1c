namespace Grains.Interfaces.Model.Views;

/// <summary>How many pairs do not count, and why. A pair with several reasons is told under the first of them.</summary>
/// <param name="Diverged">A trial's numbers ceased to be finite.</param>
/// <param name="Failed">A trial failed otherwise.</param>
/// <param name="Stopped">A trial was stopped or cancelled.</param>
/// <param name="Unfinished">A trial has not ended.</param>
/// <param name="WithoutNumber">A trial is completed, and its metric is not a finite number.</param>
/// <param name="Unbalanced">The pair is complete, but its configuration or its replicate lacks others.</param>
[GenerateSerializer, Immutable, Alias("PairsLeftOut")]
public sealed record PairsLeftOut(
    [property: Id(0)] int Diverged, [property: Id(1)] int Failed, [property: Id(2)] int Stopped, [property: Id(3)] int Unfinished,
    [property: Id(4)] int WithoutNumber, [property: Id(5)] int Unbalanced)
{
    /// <summary>The number of all of them.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public int Total => Diverged + Failed + Stopped + Unfinished + WithoutNumber + Unbalanced;
}
