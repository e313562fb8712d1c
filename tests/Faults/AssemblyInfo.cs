// Each of these tests runs several processes, and most of the time waits for them. Two classes at a time keep two cores busy. What depends
// on time to the second is in the collection "robust", which runs alone.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.Collections, MaxThreads = 2)]
