using Silo;

// The guard is a part of every program that a silo starts, and a simulation is arithmetic. Both load none of what a silo needs.
return args switch
{
    ["guard", .. var rest] => ProgramGuard.Run(rest),
    ["simulate", .. var rest] => SimulateCommand.Run(rest),
    _ => await SiloCommand.Run(args),
};
