namespace Grains.Storage.Journal;

/// <summary>The outcome of an attempt. The names stand in table attempt.</summary>
public enum AttemptOutcome
{
    /// <summary>Every demand that could be met is met.</summary>
    Met,
    /// <summary>The training failed; table failure says how.</summary>
    Failed,
    /// <summary>The training was given back: its silo ends, nobody asks any more, or the journal cannot be read.</summary>
    Released,
    /// <summary>Its silo was killed, is unreachable, or went with its host. This says nothing of the training.</summary>
    Lost,
    /// <summary>Its silo ended by a signal of its own making: SIGSEGV, SIGABRT and their like.</summary>
    Crashed,
    /// <summary>The kernel killed its silo for memory.</summary>
    OutOfMemory,
    /// <summary>The attempt ended in one of the three ways above, and a retry has forgiven it.</summary>
    Forgiven,
}
