using Grains.Interfaces.Model;

namespace Grains.Programs;

/// <summary>
/// A training program failed or broke the protocol. The message gives the value, the rule and the remedy, and below them the last lines of
/// the program's log.
/// </summary>
public sealed class ProgramFailedException(FailureClass failure, string message) : Exception(message)
{
    public FailureClass Failure { get; } = failure;
}
