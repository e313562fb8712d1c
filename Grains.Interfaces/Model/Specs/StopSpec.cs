namespace Grains.Interfaces.Model.Specs;

/// <summary>
/// When a search proposes no more points; what is under way goes on to its end. Each rule is null where the file says nothing. The rules are
/// looked at before each proposal, and know what that proposal may know.
/// </summary>
/// <param name="Trials">The number of points.</param>
/// <param name="Epochs">The number of epochs that the trials have come to, together.</param>
/// <param name="Target">The value of the objective that is good enough.</param>
/// <param name="Patience">The number of points in a row without a better one.</param>
public sealed record StopSpec(int? Trials, long? Epochs, double? Target, int? Patience);
