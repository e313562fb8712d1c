using System.Net.Sockets;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Grains.Storage;

/// <summary>Which failures of a database or a disk pass by themselves or by somebody's hand, so that waiting loses nothing.</summary>
public static class StorageTrouble
{
    private const int Busy = 5, Locked = 6, ReadOnly = 8, InputOutput = 10, Corrupt = 11, Full = 13, CannotOpen = 14, NotADatabase = 26;
    private const int NoSpaceOnLinux = 28, QuotaOnLinux = 122;

    /// <summary>What a person is told while it is waited for; null when waiting would not help.</summary>
    public static string? Passing(Exception e) => e switch
    {
        SqliteException { SqliteErrorCode: Full } => "the disk is full",
        SqliteException { SqliteErrorCode: InputOutput } => "the disk does not answer",
        SqliteException { SqliteErrorCode: Busy or Locked } => "another process holds the file for long",
        IOException io when IsFull(io) => "the disk is full",
        // Shutting down, crashed, starting, or out of room: it comes back, or somebody brings it back.
        PostgresException { SqlState: "57P01" or "57P02" or "57P03" or "53100" or "53200" or "53300" } p => $"the server says: {p.MessageText}",
        PostgresException { SqlState: ['0', '8', ..] } p => $"the server says: {p.MessageText}",
        PostgresException => null,
        NpgsqlException { InnerException: IOException or SocketException or TimeoutException } n => $"the connection is lost ({n.InnerException!.Message})",
        NpgsqlException { IsTransient: true } n => n.Message,
        _ => null,
    };

    public static bool IsFull(IOException e) => (e.HResult & 0xFFFF) is NoSpaceOnLinux or QuotaOnLinux;

    /// <summary>What to do about a file that cannot be opened or read; null for any other failure.</summary>
    public static string? Explain(SqliteException e, string file) => e.SqliteErrorCode switch
    {
        Corrupt or NotADatabase => $"{file} is damaged or is no database ({e.Message.TrimEnd('.')}). " +
            "Move it and its -wal and -shm aside, or put a copy of an earlier day in its place, and start again.",
        CannotOpen => $"{file} cannot be opened. Check that its folder exists and that this user may write there.",
        ReadOnly => $"{file} may not be written. Give this user the right to write it, and its folder.",
        _ => null,
    };
}
