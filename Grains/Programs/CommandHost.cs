namespace Grains.Programs;

/// <summary>The place where a program runs. None of it has a part in the numbers.</summary>
public sealed record CommandHost
{
    /// <summary>
    /// A folder of this silo alone. Each run makes a folder of its own in it and deletes that at its end. A silo that starts calls
    /// <see cref="ProgramScratch.Clear"/> for what was left by one that was killed.
    /// </summary>
    public required string Scratch { get; init; }

    /// <summary>The file to which each run appends what the program prints, 1 MiB at most.</summary>
    public required string LogFile { get; init; }

    /// <summary>The slot, counted from 0.</summary>
    public required int Slot { get; init; }

    /// <summary>The bytes of memory that the program and all that it starts may hold; 0 for no limit.</summary>
    public required long Memory { get; init; }

    /// <summary>The path of the silo's executable, which guards the program. One that ends in .dll is started by `dotnet`.</summary>
    public required string Guard { get; init; }

    /// <summary>The time between SIGTERM and SIGKILL. Default: 10 seconds.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(10);
}
