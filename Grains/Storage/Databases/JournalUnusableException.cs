using Grains.Storage.Journal;

namespace Grains.Storage.Databases;

/// <summary>The journal's file cannot be used as it is; the message gives the file, what is wrong and what to do.</summary>
public sealed class JournalUnusableException(string message, Exception? inner = null) : Exception(message, inner);
