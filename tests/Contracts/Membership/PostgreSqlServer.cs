using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Tests.Contracts.Membership;

/// <summary>
/// Runs a PostgreSQL of the test's own, from the programs on the PATH. It listens on a free loopback port and is gone afterwards.
/// </summary>
public sealed class PostgreSqlServer : IDisposable
{
    private readonly string? _folder;
    private readonly int _port;
    private int _databases;

    public PostgreSqlServer()
    {
        if (Find("initdb") is null || Find("pg_ctl") is null)
        {
            Missing = "PostgreSQL was not installed: initdb and pg_ctl are not on the PATH.";
            return;
        }
        _folder = Directory.CreateTempSubdirectory("sweep-postgres-").FullName;
        _port = FreePort();
        // The server refuses to run as root.
        if (Environment.IsPrivilegedProcess) Run("chown", "postgres", _folder);
        RunAsServer("initdb", "-D", Data, "-U", "test", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C");
        Start();
    }

    /// <summary>Says why there is no server, or null.</summary>
    public string? Missing { get; }

    private string Data => Path.Combine(_folder!, "data");

    /// <summary>Starts the server again, after <see cref="Stop"/>.</summary>
    public void Start() => RunAsServer("pg_ctl", "-D", Data, "-w", "-l", Path.Combine(_folder!, "log"),
        "-o", $"-p {_port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off", "start");

    /// <summary>Stops the server at once and cuts every connection. What was committed stays.</summary>
    public void Stop() => RunAsServer("pg_ctl", "-D", Data, "-m", "immediate", "-w", "stop");

    /// <summary>Connects to a new, empty database.</summary>
    public string NewDatabase()
    {
        string name = $"test{Interlocked.Increment(ref _databases)}";
        using var connection = new NpgsqlConnection(ConnectionTo("postgres"));
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // A name of our own making; a database's name cannot be a parameter.
        command.CommandText = $"CREATE DATABASE {name}";
#pragma warning restore CA2100
        command.ExecuteNonQuery();
        return ConnectionTo(name);
    }

    public void Dispose()
    {
        if (_folder is null) return;
        Stop();
        Directory.Delete(_folder, recursive: true);
    }

    private string ConnectionTo(string database) => $"Host=127.0.0.1;Port={_port};Username=test;Database={database};Pooling=false";

    private static void RunAsServer(string program, params string[] arguments)
    {
        if (Environment.IsPrivilegedProcess) Run("runuser", ["-u", "postgres", "--", Find(program)!, .. arguments]);
        else Run(program, arguments);
    }

    private static void Run(string program, params string[] arguments)
    {
        // Nothing is redirected, because the server inherits a pipe and would hold it open for as long as it lives.
        using var process = Process.Start(new ProcessStartInfo("sh",
            ["-c", "cd / && exec \"$@\" >/dev/null 2>&1", "sh", program, .. arguments]))!;
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: exit code {process.ExitCode}.");
    }

    private static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
