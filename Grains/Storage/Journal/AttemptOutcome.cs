namespace Grains.Storage.Journal;

/// <summary>How an attempt ended. The names stand in table attempt.</summary>
public enum AttemptOutcome
{
    /// <summary>Every demand that could be met is met.</summary>
    Met,
    /// <summary>The training failed; table failure says how.</summary>
    Failed,
    /// <summary>It was given back: its silo ends, nobody asks any more, or the journal cannot be read.</summary>
    Released,
    /// <summary>Its silo was killed, is unreachable, or went with its host: this says nothing of what it trained.</summary>
    Lost,
    /// <summary>Its silo ended by a signal of its own making: SIGSEGV, SIGABRT and their like.</summary>
    Crashed,
    /// <summary>The kernel killed its silo for memory.</summary>
    OutOfMemory,
    /// <summary>One of the three before, which a retry has forgiven.</summary>
    Forgiven,
}
