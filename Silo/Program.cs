using Silo;

// The guard is a part of every program that a silo starts, and loads none of what a silo needs.
return args is ["guard", .. var rest] ? ProgramGuard.Run(rest) : await SiloCommand.Run(args);
