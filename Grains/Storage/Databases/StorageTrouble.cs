using System.Net.Sockets;
using Grains.Interfaces.Model;
using Grains.Storage.Journal;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Grains.Storage.Databases;

/// <summary>
/// Says which failures of a database or a disk pass by themselves or by somebody's hand. Waiting for these loses nothing.
/// </summary>
public static class StorageTrouble
{
    private const int Busy = 5, Locked = 6, ReadOnly = 8, InputOutput = 10, Corrupt = 11, Full = 13, CannotOpen = 14, NotADatabase = 26;
    private const int NoSpaceOnLinux = 28, ReadOnlyOnLinux = 30, QuotaOnLinux = 122;

    /// <summary>What a person is told while the silo waits; null when waiting would not help.</summary>
    public static string? Passing(Exception e) => e switch
    {
        SqliteException { SqliteErrorCode: Full } => "the disk is full",
        SqliteException { SqliteErrorCode: InputOutput } => "the disk is full or does not answer",
        SqliteException { SqliteErrorCode: Busy or Locked } => "another process holds the file for long",
        SqliteException { SqliteErrorCode: ReadOnly or CannotOpen } s => $"the file may not be written ({s.Message.TrimEnd('.')})",
        JournalUnusableException { InnerException: SqliteException { SqliteErrorCode: not (Corrupt or NotADatabase) } inner } =>
            Passing(inner),
        IOException io when IsFull(io) => "the disk is full",
        IOException io when IsReadOnly(io) => io.Message,
        UnauthorizedAccessException u => u.Message,
        // The server is shutting down, has crashed, is starting, or is out of room. It comes back, or somebody brings it back.
        PostgresException { SqlState: "57P01" or "57P02" or "57P03" or "53100" or "53200" or "53300" } p =>
            $"the server says: {p.MessageText}",
        PostgresException { SqlState: ['0', '8', ..] } p => $"the server says: {p.MessageText}",
        PostgresException => null,
        NpgsqlException { InnerException: IOException or SocketException or TimeoutException } n =>
            $"the connection is lost ({n.InnerException!.Message})",
        NpgsqlException { IsTransient: true } n => n.Message,
        _ => null,
    };

    /// <summary>The remedy for a file that cannot be opened or read; null for any other failure.</summary>
    public static string? Explain(SqliteException e, string file, string remedy = MoveAside) => e.SqliteErrorCode switch
    {
        Corrupt or NotADatabase => $"{file} is damaged or is no database ({e.Message.TrimEnd('.')}). {remedy}, and start again.",
        CannotOpen => $"{file} cannot be opened. Check that its folder exists and that this user may write there.",
        ReadOnly => $"{file} may not be written. Give this user the right to write it, and its folder.",
        _ => null,
    };

    /// <summary>Opens a file's database. A failure that a person can mend says so.</summary>
    /// <exception cref="JournalUnusableException">It cannot be used as it is.</exception>
    public static void Open(string file, Action open, string remedy = MoveAside)
    {
        try
        {
            open();
        }
        catch (SqliteException e) when (Explain(e, file, remedy) is { } message)
        {
            throw new JournalUnusableException(message, e);
        }
    }

    /// <summary>The exit code and the last words of a silo that cannot start; null where its storage is not to blame.</summary>
    public static (int ExitCode, string Message)? AtStart(Exception e, string home) => e switch
    {
        JournalUnusableException => (SiloExit.Unusable, e.Message),
        UnauthorizedAccessException => (SiloExit.Unusable,
            $"{home} cannot be used ({e.Message.TrimEnd('.')}). Give this user the right to write there, or take another folder."),
        IOException io when IsReadOnly(io) => (SiloExit.Unusable,
            $"{home} is on a file system that may only be read ({e.Message.TrimEnd('.')}). Take another folder."),
        _ when Passing(e) is { } trouble => (SiloExit.StorageAway, $"{home} cannot be used now: {trouble}. The silo starts once it can."),
        _ => null,
    };

    private const string MoveAside = "Move it and its -wal and -shm aside, or put a copy of an earlier day in its place";

    private static bool IsFull(IOException e) => Errno(e) is NoSpaceOnLinux or QuotaOnLinux;

    private static bool IsReadOnly(IOException e) => Errno(e) is ReadOnlyOnLinux;

    private static int Errno(IOException e) => e.HResult & 0xFFFF;
}
