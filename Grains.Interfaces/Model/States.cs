using System.Text.Json.Serialization;

namespace Grains.Interfaces.Model;

/// <summary>The state of a trial. Paused may resume; Completed, Stopped, Failed and Cancelled are final.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TrialState>))]
public enum TrialState { Pending, Running, Paused, Completed, Stopped, Failed, Cancelled }

/// <summary>
/// The state of a sweep. In Preparing, data and initial checkpoints are being made. After Failed it could not start, and its reason says
/// why.
/// </summary>
[JsonConverter(typeof(JsonStringEnumConverter<SweepState>))]
public enum SweepState { Preparing, Running, Paused, Completed, Failed, Cancelled }

/// <summary>The reason why a training ended without reaching what was asked of it.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FailureClass>))]
public enum FailureClass
{
    /// <summary>A metric that a sweep may rank by became NaN or infinite, which is a result of the recipe.</summary>
    Diverged,
    /// <summary>The recipe cannot run here: a bad checkpoint, data that changed, a model that does not fit.</summary>
    Invalid,
    /// <summary>The training does not fit into memory.</summary>
    OutOfMemory,
    /// <summary>The silo died under it three times without a new epoch.</summary>
    Crashed,
    /// <summary>The same epoch gave other bits.</summary>
    NonDeterministic,
    /// <summary>An exception that none of the others names.</summary>
    Error,
    /// <summary>
    /// An attempt ended by itself without an epoch, although one could be trained. This is a defect of the program, which would only
    /// repeat.
    /// </summary>
    Stalled,
}

public static class TrialStates
{
    public static bool IsFinal(this TrialState state) =>
        state is TrialState.Completed or TrialState.Stopped or TrialState.Failed or TrialState.Cancelled;

    public static bool IsFinal(this SweepState state) =>
        state is SweepState.Completed or SweepState.Failed or SweepState.Cancelled;

    /// <summary>
    /// Whether the recipe itself determines the failure, so that it belongs to the result. The others say something of the cluster.
    /// </summary>
    public static bool IsOfTheRecipe(this FailureClass failure) => failure is FailureClass.Diverged or FailureClass.Invalid;
}
